"""How fast it is: each figure beside a named peer, measured in the same run.

``python -m benchmarks`` lists what can be measured, ``python -m benchmarks batch`` measures it,
``python -m benchmarks all`` measures everything. The exit code says whether every target is met.
"""
