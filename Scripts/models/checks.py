"""A run of checks that counts what passed and goes on after a failure."""


class Checks:
    """Reports line by line; `passed` and `failed` count the lines."""

    def __init__(self):
        self.passed = self.failed = 0

    def run_all(self, checks):
        """Calls each check; returns the exit status."""
        for check in checks:
            try:
                check()
            except Exception as error:  # a check that cannot run has failed; go on with the rest
                self.report(f"{check.__name__}: {type(error).__name__}: {error}", False)
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0

    def report(self, text, good):
        self.passed, self.failed = self.passed + good, self.failed + (not good)
        print(f"{'ok  ' if good else 'FAIL'} {text}", flush=True)
