"""Static facts about code: what it binds, reads and calls, without evaluation."""
