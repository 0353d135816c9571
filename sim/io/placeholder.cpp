namespace musi {}
