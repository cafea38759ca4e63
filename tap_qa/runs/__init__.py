"""What a command does with the selected streams: read them, test the connection, plan."""
