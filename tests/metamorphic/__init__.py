"""Changes to a program that keep its meaning must keep what the linter says of it."""
