"""Unpacks archives into the working directory as EMR Serverless does, and tells what Python packages are in them.

unpack.py <archive> <directory> ... prints JSON: a list, or why it refuses an archive.
"""
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
import zlib
from email.parser import HeaderParser
from pathlib import Path
from shutil import copy

from pip._vendor.packaging.tags import parse_tag, sys_tags

HERE = frozenset(sys_tags())
ROOT = Path.cwd()
SECONDS_TO_START = 10


class Refused(Exception):
    pass


def is_inside(path, folder):
    """Where links lead, too."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def members(tar, directory):
    """Those before are unpacked when one is looked at, so that the links are there that it would go through."""
    for member in tar:
        file = directory / member.name
        # a link itself may lead to an interpreter of the machine
        written = [file.parent if member.issym() else file]
        if member.islnk():
            written.append(directory / member.linkname)
        if '..' in Path(member.name).parts or not all(is_inside(one, directory) for one in written):
            raise Refused(f'its member {member.name} is outside of the directory into which it is unpacked')
        if member.isdev():
            raise Refused(f'its member {member.name} is neither a file, a directory nor a link')
        yield member


def unpack(archive, directory):
    if not is_inside(directory, ROOT):
        raise Refused('its directory is outside of the working directory')
    if re.search(r'\.(zip|jar)$', archive):
        # the modes of files are lost, as in Hadoop
        zipfile.ZipFile(archive).extractall(directory)
    elif re.search(r'\.(tar\.gz|tgz|tar)$', archive):
        with tarfile.open(archive) as tar:
            # a virtual environment has links to the interpreter, which the filters of newer versions refuse
            tar.extraction_filter = getattr(tarfile, 'fully_trusted_filter', None)
            tar.extractall(directory, members(tar, directory))
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
        return subprocess.run([python, '-c', ''], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=SECONDS_TO_START, check=False).returncode != 0
    except subprocess.TimeoutExpired:
        return True
    except PermissionError:
        # it is in a .zip, and does not run on EMR Serverless either
        return False
    except OSError:
        return True


def found(directory):
    environment = next(iter(sorted(directory.glob('lib/python3*/site-packages'))), None)
    if environment is None:
        return {'directory': str(directory), 'packages': list(packages(directory))}
    if not is_inside(environment, directory):
        raise Refused(f'its {environment.relative_to(directory)} is outside of the directory into which it is unpacked')
    if is_foreign(directory):
        return {'directory': str(environment), 'foreignEnvironment': str(directory), 'packages': list(packages(environment))}
    return {'directory': str(environment), 'packages': []}


def results(arguments):
    for archive, directory in zip(arguments, arguments):
        try:
            unpack(archive, ROOT / directory)
            yield found(ROOT / directory)
        except (Refused, tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise Refused(f'{Path(archive).name} cannot be unpacked: {error}.') from error


try:
    print(json.dumps(list(results(iter(sys.argv[1:])))))
except Refused as error:
    print(json.dumps({'refusal': str(error)}))
