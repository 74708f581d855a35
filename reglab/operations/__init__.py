"""What whoever runs the site needs: backups, checks of what is set up, and the health check."""
