"""Parts shared by pages of the application."""
