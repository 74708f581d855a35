"""Staff sign in with a password and, where it is required, a second factor. Attempts are limited."""
