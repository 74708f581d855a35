class BackupFailed(Exception):
    """A backup or restore failed; the message gives the reason in one sentence."""
