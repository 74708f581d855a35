"""What a proposal said before: its versions, and what differs between two of them. Kansliet and mails read them."""
