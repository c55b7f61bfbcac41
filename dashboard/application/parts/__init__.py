"""What several pages of the application share."""
