import { spawnSync } from 'child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'fs';
import * as os from 'os';
import { basename, dirname, join } from 'path';
import { bind, eachTestInSandbox, fromRequirements, message, sandbox, TARGET, unzipped } from './packages-parts';
import { PythonPackages } from '../../src';
import { ENV, newStack, submitterIn } from '../util';

eachTestInSandbox();

describe('the cache', () => {
  const archive = () => join(sandbox.cache, readdirSync(sandbox.cache)[0]);

  test.each(['', 'PK', 'x'.repeat(100), '\0'.repeat(22)])('does not trust an archive that is not whole: %j', (content) => {
    sandbox.uv();
    bind(fromRequirements());
    writeFileSync(archive(), content);

    bind(fromRequirements());

    expect(Object.keys(unzipped(archive()))).toContain('demo/__init__.py');
  });

  test('does not trust an archive that lacks a part', () => {
    sandbox.uv();
    bind(fromRequirements());
    const whole = readFileSync(archive());
    writeFileSync(archive(), Buffer.concat([whole.subarray(0, 40), whole.subarray(50)]));

    bind(fromRequirements());

    expect(readFileSync(archive())).toEqual(whole);
  });

  test('that cannot be written is replaced by a directory of the process', () => {
    sandbox.uv();
    process.env.CDK_SPARK_EMR_SERVERLESS_CACHE = join(sandbox.file('file'), 'cache');

    const uris = [1, 2].map(() => bindIn(fromRequirements('unwritable==1')));

    expect(uris[0]).toBe(uris[1]);
    expect(sandbox.calls('uv')).toHaveLength(2);
    expect(sandbox.progress()[0]).toBe('The Python packages will be installed again at the next synthesis, because'
      + ` ${process.env.CDK_SPARK_EMR_SERVERLESS_CACHE} is not a directory that only this user can write to.`);
    bindIn(fromRequirements('unwritable==2'));
    const [work, other] = sandbox.calls('uv').filter((call) => call.includes('--target')).map((call) => dirname(call[call.indexOf('--target') + 1]));
    expect(basename(work)).toMatch(/^building-/);
    expect(dirname(other)).toBe(dirname(work));
    expect(existsSync(dirname(work))).toBe(true);
    process.listeners('exit').pop()!(0);
    expect(existsSync(dirname(work))).toBe(false);
    expect(() => process.listeners('exit').pop()!(0)).not.toThrow();
  });

  describe('is used only by the user whom it belongs to', () => {
    const isIn = (directory: string) => readdirSync(directory).some((name) => name.endsWith('.zip'));
    const planted = (directory: string, mode: number) => {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, mode);
      return directory;
    };
    /** The cache below a home, without the variable that names another one. */
    const inHome = (home: string) => {
      delete process.env.CDK_SPARK_EMR_SERVERLESS_CACHE;
      delete process.env.XDG_CACHE_HOME;
      jest.spyOn(jest.requireActual<typeof import('os')>('os'), 'homedir').mockReturnValue(home);
      return process.platform === 'darwin' ? join(home, 'Library/Caches') : join(home, '.cache');
    };
    const elsewhere = () => sandbox.progress().join().includes('The Python packages will be installed again at the next synthesis, because ');
    afterEach(() => jest.restoreAllMocks());
    beforeEach(() => sandbox.uv());

    test('and is made for nobody else', () => {
      bindIn(fromRequirements('mode==1'));

      expect(statSync(sandbox.cache).mode.toString(8)).toBe('40700');
    });

    test.each([0o777, 0o1777, 0o722, 0o702])('not with the mode %o', (mode) => {
      planted(sandbox.cache, mode);

      bindIn(fromRequirements(`mode==${mode}`));

      expect(isIn(sandbox.cache)).toBe(false);
      expect(elsewhere()).toBe(true);
    });

    test.each([0o755, 0o700])('also with the mode %o', (mode) => {
      planted(sandbox.cache, mode);

      bindIn(fromRequirements(`mode==${mode}`));

      expect(isIn(sandbox.cache)).toBe(true);
      expect(elsewhere()).toBe(false);
    });

    test.each([['this user', 1000, true], ['root', 0, true], ['another user', 1001, false]])('one of %s', (_, uid, isUsed) => {
      planted(sandbox.cache, 0o700);
      jest.spyOn(process, 'getuid').mockReturnValue(1000);
      jest.spyOn(jest.requireActual<typeof import('fs')>('fs'), 'statSync')
        .mockImplementation(((path: string) => Object.assign(lstatSync(path), { uid })) as never);

      bindIn(fromRequirements(`owner==${uid}`));

      expect(isIn(sandbox.cache)).toBe(isUsed);
    });

    test('on a system without such owners', () => {
      planted(sandbox.cache, 0o777);
      jest.spyOn(process, 'getuid').mockReturnValue(undefined as never);

      bindIn(fromRequirements('owners==1'));

      expect(isIn(sandbox.cache)).toBe(true);
    });

    test('a group that may write is the one of the user', () => {
      planted(sandbox.cache, 0o770);
      const stats = jest.spyOn(jest.requireActual<typeof import('fs')>('fs'), 'statSync');
      const { uid } = statSync(sandbox.cache);
      const groupIs = (gid: number) => stats.mockImplementation(((path: string) => Object.assign(lstatSync(path), { gid })) as never);

      groupIs(uid + 1);
      bindIn(fromRequirements('group==1'));
      expect(isIn(sandbox.cache)).toBe(false);
      groupIs(uid);
      bindIn(fromRequirements('group==2'));
      expect(isIn(sandbox.cache)).toBe(true);
    });

    test('not if it belongs to another user', () => {
      planted(sandbox.cache, 0o700);
      const user = process.getuid!();
      if (user === 0) { chownSync(sandbox.cache, 12345, 12345); }
      jest.spyOn(process, 'getuid').mockReturnValue(user === 0 ? 0 : user + 1);

      bindIn(fromRequirements('owner==1'));

      expect(isIn(sandbox.cache)).toBe(false);
      expect(elsewhere()).toBe(true);
    });

    test('an archive that another user put there is not used', () => {
      bindIn(fromRequirements('planted==1'));
      const calls = sandbox.calls('uv').length;
      chmodSync(sandbox.cache, 0o777);

      bindIn(fromRequirements('planted==1'));

      expect(sandbox.calls('uv').length).toBeGreaterThan(calls);
    });

    test('in a home where others may write, it is not used', () => {
      const caches = inHome(planted(join(sandbox.directory, 'home'), 0o777));

      bindIn(fromRequirements('home==1'));

      expect(readdirSync(join(caches, 'cdk-spark-emr-serverless/python-packages'))).toEqual([]);
      expect(elsewhere()).toBe(true);
    });

    test.each([0o1777, 0o755])('in a home with the mode %o, it is used', (mode) => {
      const caches = inHome(planted(join(sandbox.directory, 'home'), mode));

      bindIn(fromRequirements(`home==${mode}`));

      expect(isIn(join(caches, 'cdk-spark-emr-serverless/python-packages'))).toBe(true);
    });

    test('a relative path for caches counts as none', () => {
      const caches = inHome(planted(join(sandbox.directory, 'home'), 0o755));
      process.env.XDG_CACHE_HOME = 'relative';

      bindIn(fromRequirements('relative==1'));

      expect(isIn(join(caches, 'cdk-spark-emr-serverless/python-packages'))).toBe(true);
    });

    test('above a directory that the variable names, nothing is checked', () => {
      planted(join(sandbox.directory, 'named'), 0o777);
      process.env.CDK_SPARK_EMR_SERVERLESS_CACHE = join(sandbox.directory, 'named/cache');

      bindIn(fromRequirements('named==1'));

      expect(isIn(join(sandbox.directory, 'named/cache'))).toBe(true);
    });

    test.each(['', 'relative'])('without a home, no directory with a known name is used: %j', (home) => {
      inHome(home);

      bindIn(fromRequirements(`nowhere==1${home}`));

      expect(sandbox.progress().join()).toContain('because this user has no home directory. Set CDK_SPARK_EMR_SERVERLESS_CACHE to a directory for the cache.');
      expect(existsSync(join(home, '.cache'))).toBe(false);
    });

    test('a user whom the system does not know has no home', () => {
      inHome('');
      jest.spyOn(jest.requireActual<typeof import('os')>('os'), 'homedir').mockImplementation(() => { throw new Error('no entry'); });

      bindIn(fromRequirements('unknown==1'));

      expect(sandbox.progress().join()).toContain('because this user has no home directory. Set CDK_SPARK_EMR_SERVERLESS_CACHE to a directory for the cache.');
    });
  });

  function bindIn(packages: PythonPackages): string {
    const stack = newStack(ENV);
    return packages.bind(stack, submitterIn(stack), TARGET).archiveUri;
  }

  test('is in the directory for caches of the user', () => {
    sandbox.uv();
    delete process.env.CDK_SPARK_EMR_SERVERLESS_CACHE;
    process.env.XDG_CACHE_HOME = join(sandbox.directory, 'xdg');

    bindIn(fromRequirements('xdg==1'));

    expect(existsSync(join(sandbox.directory, 'xdg'))).toBe(process.platform === 'linux');
  });

  describe('that another process moved an archive to', () => {
    const renamed = (whileRenaming: (from: string, to: string) => void) => {
      const fs = jest.requireActual<typeof import('fs')>('fs');
      const rename = fs.renameSync;
      jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
        if (!String(to).startsWith(sandbox.cache)) { return rename(from, to); }
        whileRenaming(String(from), String(to));
        throw new Error('EPERM');
      });
    };
    beforeEach(() => sandbox.uv());
    afterEach(() => jest.restoreAllMocks());

    test('uses it where the system does not replace it', () => {
      renamed(copyFileSync);

      bindIn(fromRequirements());

      expect(Object.keys(unzipped(archive()))).toContain('demo/__init__.py');
    });

    test('does not use it if it is not whole', () => {
      renamed((_, to) => writeFileSync(to, 'PK'));

      expect(message(() => bindIn(fromRequirements()))).toBe('EPERM');
    });
  });

  test('keeps what is used', () => {
    sandbox.uv();
    bindIn(fromRequirements());
    utimesSync(archive(), 0, 0);

    bindIn(fromRequirements());

    expect(Date.now() - statSync(archive()).mtimeMs).toBeLessThan(60_000);
  });

  test('loses what is left of a build whose process was killed, when the next one starts', () => {
    const building = (host: string, pid: number) => `building-${host}-${pid}-abcdef`;
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const names = [building(os.hostname(), dead), building(os.hostname(), process.pid), building('another', dead),
      building(`${os.hostname()}-${dead}`, dead)];
    names.forEach((name) => sandbox.file(join('cache', name, 'requirements.txt')));
    sandbox.uv(`[ "$1" = pip ] && ls '${sandbox.cache}' > '${sandbox.directory}/seen'`);

    bind(fromRequirements('killed==1'));

    const seen = readFileSync(join(sandbox.directory, 'seen'), 'utf8').split('\n').slice(0, -1);
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(expect.arrayContaining(names.slice(1)));
  });

  test('keeps a build whose process belongs to another user', () => {
    const name = `building-${os.hostname()}-1-abcdef`;
    sandbox.file(join('cache', name, 'requirements.txt'));
    sandbox.uv();
    const kill = jest.spyOn(process, 'kill').mockImplementation(() => { throw Object.assign(new Error(), { code: 'EPERM' }); });

    bind(fromRequirements());
    kill.mockRestore();

    expect(readdirSync(sandbox.cache)).toContain(name);
  });

  test('loses what nobody used for 90 days, and what was left of an interrupted build, and nothing else', () => {
    const age = (name: string, days: number) => {
      const then = Date.now() / 1000 - days * 86400;
      utimesSync(join(sandbox.cache, name), then, then);
    };
    const [old, young] = ['a', 'b'].map((letter) => `${letter.repeat(64)}.zip`);
    const others = ['notes.txt', `my-${old}`, `${old}.txt`];
    [old, young, ...others].forEach((name) => sandbox.file(join('cache', name)));
    ['building-old', 'building-young'].forEach((name) => mkdirSync(join(sandbox.cache, name)));
    [[old, 91], [young, 89], ...others.map((name) => [name, 1000]), ['building-old', 2], ['building-young', 0.9]].forEach(([name, days]) => age(name as string, days as number));
    sandbox.uv();

    bind(fromRequirements('old==1'));

    expect(readdirSync(sandbox.cache).filter((name) => name.length < 30 || /(a|b)\1{63}/.test(name)).sort())
      .toEqual([young, 'building-young', ...others].sort());
  });
});
