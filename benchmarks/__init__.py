"""What the product is held to in speed, memory and loss: `python -m benchmarks [name ...]` (docs/performance.md)."""
