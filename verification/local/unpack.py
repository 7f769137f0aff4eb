"""Unpacks archives as EMR Serverless does, and tells what Python packages are in them: unpack.py <archive> <directory> ... prints JSON."""
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from shutil import copy

from pip._vendor.packaging.tags import parse_tag, sys_tags

HERE = frozenset(sys_tags())


def unpack(archive, directory):
    if re.search(r'\.(zip|jar)$', archive):
        # the modes of files are lost, as in Hadoop
        zipfile.ZipFile(archive).extractall(directory)
    elif re.search(r'\.(tar\.gz|tgz|tar)$', archive):
        with tarfile.open(archive) as tar:
            # a virtual environment has links to the interpreter, which the filters of newer versions refuse
            tar.extraction_filter = getattr(tarfile, 'fully_trusted_filter', None)
            tar.extractall(directory)
    else:
        directory.parent.mkdir(parents=True, exist_ok=True)
        copy(archive, directory)


def runs_here(dist_info):
    wheel = dist_info / 'WHEEL'
    tags = HeaderParser().parsestr(wheel.read_text('utf-8')).get_all('Tag', []) if wheel.exists() else []
    return not tags or any(not HERE.isdisjoint(parse_tag(tag)) for tag in tags)


def packages(directory):
    for dist_info in sorted(directory.glob('*.dist-info')):
        metadata = dist_info / 'METADATA'
        if metadata.exists():
            headers = HeaderParser().parsestr(metadata.read_text('utf-8'))
            yield {'name': headers['Name'], 'version': headers['Version'], 'distInfo': str(dist_info), 'runsHere': runs_here(dist_info)}


def is_foreign(environment):
    """Whether the interpreter of a virtual environment does not run on this machine."""
    python = environment / 'bin' / 'python'
    try:
        return subprocess.run([python, '-c', ''], capture_output=True, check=False).returncode != 0
    except PermissionError:
        # it is in a .zip, and does not run on EMR Serverless either
        return False
    except OSError:
        return True


def found(directory):
    environment = next(iter(sorted(directory.glob('lib/python3*/site-packages'))), None)
    if environment is None:
        return {'directory': str(directory), 'packages': list(packages(directory))}
    if is_foreign(directory):
        return {'directory': str(environment), 'foreignEnvironment': str(directory), 'packages': list(packages(environment))}
    return {'directory': str(environment), 'packages': []}


arguments = iter(sys.argv[1:])
results = []
for archive, directory in zip(arguments, arguments):
    unpack(archive, Path(directory))
    results.append(found(Path(directory)))
print(json.dumps(results))
