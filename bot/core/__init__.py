"""What carries an event or a command from a platform to a capability, and what is owed back to the platform."""
