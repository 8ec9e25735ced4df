"""Small examples of findings: a program made smaller and renamed, the finding still there."""
