"""What Kubernetes puts into the environment of every container."""


def service(name: str, port: int, protocol: str = "tcp") -> dict[str, str]:
    """What Kubernetes says of a service to each container of its namespace."""
    address, upper = "10.0.0.1", f"{port}_{protocol}".upper()
    return {
        f"{name}_SERVICE_HOST": address,
        f"{name}_SERVICE_PORT": str(port),
        f"{name}_SERVICE_PORT_HTTP": str(port),
        f"{name}_PORT": f"{protocol}://{address}:{port}",
        f"{name}_PORT_{upper}": f"{protocol}://{address}:{port}",
        f"{name}_PORT_{upper}_PROTO": protocol,
        f"{name}_PORT_{upper}_PORT": str(port),
        f"{name}_PORT_{upper}_ADDR": address,
    }
