import { readFileSync } from 'fs';
import { userInfo } from 'os';
import { join } from 'path';
import { bind, eachTestInSandbox, fromRequirements, message, sandbox } from './packages-parts';
import { PythonPackages } from '../../src';

eachTestInSandbox();

const read = (name: string) => readFileSync(join(sandbox.directory, name), 'utf8').trim();

/** A docker whose container installs, and that keeps what the container sees. */
function docker(): void {
  sandbox.tool('docker', `[ "$1" = ps ] && exit
    while [ $# -gt 0 ]; do case "$1" in --volume) work="\${2%:/work}";; esac; shift; done
    cp "$work/requirements.txt" '${sandbox.directory}/given.txt'
    [ -d "$work/files" ] && (cd "$work/files" && find . -type f | sort) > '${sandbox.directory}/files.txt'
    mkdir -p "$work/installed/demo"; echo > "$work/installed/demo/__init__.py"`);
}

describe('Docker', () => {
  test('is asked whether its engine runs, and runs as the user, with the work directory only', () => {
    docker();

    bind(fromRequirements());

    const [ps, run] = sandbox.calls('docker').map((call) => call.slice(1).map((arg) => arg.replace(/^.*\/building-[\w-]+/, '<work>')));
    const { uid, gid } = userInfo();
    expect(ps).toEqual(['ps']);
    expect(run.slice(0, run.indexOf('--env'))).toEqual([
      'run', '--rm', '--user', `${uid}:${gid}`, '--volume', '<work>:/work', '--workdir', '/work/project',
    ]);
  });

  test('runs as its own user where users have no numbers', () => {
    docker();
    const spy = jest.spyOn(jest.requireActual<typeof import('os')>('os'), 'userInfo').mockReturnValue({ uid: -1, gid: -1 } as never);

    bind(fromRequirements());
    spy.mockRestore();

    expect(sandbox.calls('docker')[1].slice(1, 4)).toEqual(['run', '--rm', '--volume']);
  });

  test('sees copies of the wheels that the requirements name', () => {
    docker();
    ['six-1-py3-none-any.whl', 'wheels/a-1-py3-none-any.whl', 'wheels/b-1-py3-none-any.whl', 'wheels/notes.txt'].forEach((name) => sandbox.file(name, name));

    bind(fromRequirements('./six-1-py3-none-any.whl\n--find-links wheels\ndemo\n'));

    expect(read('given.txt').split('\n')).toEqual(['six @ file:///work/files/0/six-1-py3-none-any.whl', '--find-links file:///work/files/1', 'demo']);
    expect(read('files.txt').split('\n')).toEqual(['./0/six-1-py3-none-any.whl', './1/a-1-py3-none-any.whl', './1/b-1-py3-none-any.whl']);
  });

  test('is named where uv fails in it', () => {
    sandbox.tool('docker', '[ "$1" = ps ] && exit\necho offline >&2; exit 1');

    expect(message(() => bind(fromRequirements()))).toMatch(/^uv in docker could not install the Python packages for .*:\n {2}offline$/);
  });
});

test('only the user may read what an installer is given, because it may have passwords', () => {
  sandbox.uv(`for arg in "$@"; do case "$arg" in *requirements.txt|*overrides.txt) stat -c %a "$arg" >> '${sandbox.directory}/modes.txt';; esac; done`);

  bind(fromRequirements());

  expect(read('modes.txt').split('\n')).toEqual(['600', '600']);
});

test('all packages that were compiled for this machine are named', () => {
  sandbox.tool('uv', `[ "$1" = --version ] && { echo 'uv 1.2.3'; exit; }\n${sandbox.installs('cp39-cp39-linux_x86_64')}
    mkdir "$target/other-2.dist-info"; echo 'Tag: cp39-cp39-linux_x86_64' > "$target/other-2.dist-info/WHEEL"`);

  expect(message(() => bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo'), { sourceDistributions: ['demo'] }))))
    .toContain('got: demo-1.0 for cp39-cp39-linux_x86_64, other-2 for cp39-cp39-linux_x86_64');
});
