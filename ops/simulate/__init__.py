"""How the stack behaves under loads that nobody wants to wait for."""
