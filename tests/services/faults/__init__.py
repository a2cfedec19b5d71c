"""Faults that are really done: processes killed, servers stopped, disks filled, clocks turned."""
