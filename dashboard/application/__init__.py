"""The dashboard: a Dash application over the public verbs. `dashboard.application.app.create_app` builds it."""
