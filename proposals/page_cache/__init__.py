"""Public pages kept whole in the memory of each process until what they say changes; readers get them unread."""
