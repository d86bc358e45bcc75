"""The language capabilities are written in: options, replies, effects, events, settings, and the work in hand."""
