"""The camera's thinking: same input, same output; no clock, files, network or chance."""
