"""Paths: their state and doubts, how they leave a block, and which ones are joined."""
