//! Sans-I/O framing.
