.PHONY: run test check bench setup
run test check bench setup:
	@python3 packaging/bootstrap.py $@
