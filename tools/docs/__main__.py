"""The command `python -m tools.docs`."""

from tools.docs.generate import main

if __name__ == "__main__":
    main()
