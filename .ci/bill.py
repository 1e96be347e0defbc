"""Write the bill of materials of a built wheel, in CycloneDX 1.6: what is installed with it, and nothing else.

    python .ci/bill.py dist [FOLDER ...]

It stands beside the wheel, as dist/patentscope-VERSION.cdx.json. FOLDERs are where packages are installed, such as
.venv/lib/python3.12/site-packages; without any, this Python's own. What is needed is found as installers find it, from
the wheel's requirements on; extras are left out. The same packages give the same bytes: the time is that of
SOURCE_DATE_EPOCH, the serial number is made from the content.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import sys
import uuid
from importlib.metadata import Distribution
from itertools import chain
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.spdx import is_expression, is_supported_id
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: What classifiers call a licence, where its SPDX identifier is another word, and no doubt is left which.
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


def licences(distribution: Distribution) -> list[License]:
    """Return what a package declares: an identifier or expression of SPDX, else its classifiers, else its own words."""
    told = distribution.metadata
    classifiers = [entry for entry in told.get_all("Classifier") or () if entry.startswith("License :: ")]
    names = [_SPDX.get(name, name) for name in (entry.rpartition(" :: ")[2] for entry in classifiers)]
    stated = told["License-Expression"] or (told["License"] or "").strip()
    is_exact = stated and (is_supported_id(stated) or is_expression(stated))
    chosen = [stated] if is_exact or not names else names
    return [LicenseFactory().make_from_string(name) for name in chosen if name]


def component(distribution: Distribution, kind: ComponentType) -> Component:
    """Return a package as it stands in the bill."""
    name = canonicalize_name(distribution.name)
    purl = PackageURL("pypi", name=name, version=distribution.version)
    text = distribution.metadata["Summary"]
    about = {"purl": purl, "bom_ref": str(purl), "description": text, "licenses": licences(distribution)}
    return Component(name=distribution.name, version=distribution.version, type=kind, **about)


def needs(distribution: Distribution, extras: frozenset[str]) -> list[Requirement]:
    """Return what a package, asked for with *extras*, needs on this machine."""
    wanted = map(Requirement, distribution.requires or ())
    return [one for one in wanted if not one.marker or any(one.marker.evaluate({"extra": e}) for e in ("", *extras))]


def bill(wheel: Path, places: list[str]) -> Bom:
    """Return the bill of a wheel, from what it says itself and what is installed in *places*."""
    known = Distribution.discover(path=[str(wheel), *places])
    found = {canonicalize_name(one.name): one for one in reversed(list(known))}
    root = component(found["patentscope"], ComponentType.APPLICATION)
    root.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(wheel.read_bytes()).hexdigest()))
    parts, seen = {"patentscope": root}, set()
    waiting: list[tuple[str, frozenset[str]]] = [("patentscope", frozenset())]
    edges: dict[str, set[str]] = {}
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        for need in needs(found[asked[0]], asked[1]):
            name = canonicalize_name(need.name)
            parts.setdefault(name, component(found[name], ComponentType.LIBRARY))
            edges.setdefault(asked[0], set()).add(name)
            waiting.append((name, frozenset(need.extras)))
    day = dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), dt.UTC)
    content = sorted(chain([root.hashes[0].content], (str(part.purl) for part in parts.values())))
    made = Bom(components=[part for name, part in parts.items() if part is not root])
    made.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(content))
    made.metadata.component, made.metadata.timestamp = root, day
    for name, part in parts.items():
        made.register_dependency(part, [parts[below] for below in sorted(edges.get(name, ()))])
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dist", type=Path, help="the folder of the wheel")
    parser.add_argument("places", metavar="FOLDER", nargs="*", help="where packages are installed")
    options = parser.parse_args()
    (wheel,) = options.dist.glob("patentscope-*.whl")
    path = options.dist / f"{'-'.join(wheel.stem.split('-')[:2])}.cdx.json"
    text = JsonV1Dot6(bill(wheel, options.places or sys.path)).output_as_string(indent=2)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
