"""Changes to a program that preserve its meaning must preserve its findings."""
