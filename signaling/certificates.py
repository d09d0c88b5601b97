"""The self-signed certificate for HTTPS on the LAN: browsers give camera and microphone to secure pages only.

Made once and kept in the data directory; made anew when it expires soon or when this machine has an address
it does not name. An installation in service puts its own certificate into a reverse proxy instead.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import ifaddr
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signaling.accounts.vault import read_or_make

VALID_FOR = timedelta(days=397)
"""The longest Apple's devices accept."""
RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where certificate and key are, in PEM."""

    certificate: Path
    key: Path


def lan_addresses() -> list[str]:
    """This machine's addresses others on the LAN can reach, IPv4 first."""
    found = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            address = ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else entry.ip[0])
            if not (address.is_loopback or address.is_link_local or address.is_multicast):
                found.append(address)
    return [
        str(address) for address in sorted(set(found), key=lambda address: (address.version, int(address)))
    ]


def self_signed(directory: Path, addresses: Sequence[str], at: datetime) -> CertificateFiles:
    """The certificate for localhost, the host name and `addresses`, made if need be. Blocks."""
    files = CertificateFiles(directory / "tls.crt", directory / "tls.key")
    wanted = ["127.0.0.1", "::1", *addresses]
    if _is_good(files, wanted, at):
        return files
    files.key.unlink(missing_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    read_or_make(
        files.key,
        lambda: key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    files.certificate.write_bytes(_certificate(key, wanted, at).public_bytes(serialization.Encoding.PEM))
    return files


def _certificate(key: ec.EllipticCurvePrivateKey, addresses: Sequence[str], at: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Genba (self-signed)")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.DNSName(_host_name())]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _is_good(files: CertificateFiles, wanted: Sequence[str], at: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        files.key.read_bytes()
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    named = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    return set(wanted) <= named and certificate.not_valid_after_utc - at > RENEW_BEFORE


def _host_name() -> str:
    name = socket.gethostname()
    return name if name.isascii() and name else "genba.local"
