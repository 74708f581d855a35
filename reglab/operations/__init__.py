"""For whoever runs the site: backups, system checks of the setup and the health check."""
