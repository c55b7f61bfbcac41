"""The dashboard: a Dash application, built by `dashboard.application.app.create_app`."""
