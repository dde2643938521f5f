"""The wall as it is looked at: by everyone with likes, by staff with what waits for them."""
