"""Line: chat rooms behind a socket, one JSON object a line."""
