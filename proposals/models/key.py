import secrets

KEY_LENGTH = 43


def new_key():
    """A secret for a link: 256 random bits in letters that an address can hold."""
    return secrets.token_urlsafe(32)
