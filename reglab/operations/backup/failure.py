class BackupFailed(Exception):
    """The backup or the restoration came to nothing; the message says why in one sentence."""
