"""What people see: words, figures and the report. Everything here reads results; nothing here computes a statistic."""
