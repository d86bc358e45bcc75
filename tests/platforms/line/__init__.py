"""Line: rooms of talk behind a socket, one JSON object a line."""
