# make run, make test: all that a newcomer types. Extra words: make test ARGS="-k player"
PYTHON ?= python3

.PHONY: setup run test check bench
setup run test check bench:
	@$(PYTHON) packaging/bootstrap.py $@ -- $(ARGS)
