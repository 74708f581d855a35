"""What happens to every request of any site: its line in the log, security headers, limits on its body."""
