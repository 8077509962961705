"""Entry point of `stremo-studio`."""


def main() -> int:
    """Run the program; returns its exit code."""
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
