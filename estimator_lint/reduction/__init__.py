"""Small examples of findings: a program reduced and renamed, with the finding still in it."""
