"""What executing a program does not tell."""


class Unjudgeable(BaseException):
    """The truth about this program can't be told by executing it."""
