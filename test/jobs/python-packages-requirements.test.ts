import { readFileSync } from 'fs';
import { join } from 'path';
import { bind, eachTestInSandbox, fromRequirements, hashOf, message, sandbox } from './packages-parts';
import { PythonPackages } from '../../src';

eachTestInSandbox();

const refused = (content: string) => message(() => fromRequirements(content));

/** The lines that the installer reads. */
function given(content: string, file = 'given.txt'): string[] {
  sandbox.uv();
  bind(fromRequirements(content));
  return readFileSync(join(sandbox.directory, file), 'utf8').split('\n').slice(0, -1);
}

/** The lines, after the installer has replaced the variables that the library made. */
function understood(content: string): string[] {
  const lines = given(content);
  const environment = readFileSync(join(sandbox.directory, 'environment.txt'), 'utf8');
  return lines.map((line) => line.replace(/\$\{(CDK_SPARK_EMR_SERVERLESS_CREDENTIAL_\d+)\}/g, (_, name) => new RegExp(`^${name}=(.*)$`, 'm').exec(environment)![1]));
}

describe('a requirements file', () => {
  test('is read without comments, empty lines and what Amazon EMR has of its own', () => {
    expect(given([
      '# comment', '', 'numpy==2.0.2  # why', 'pandas[aws]>=2 ; python_version < "3.12"', 'pyspark==3.5.0', 'Py4J', 'PySpark[sql] >= 3',
      'pyspark @ https://example.com/pyspark.whl', 'pyspark-extension==2', 'a', 'a.b-c_d (>=1)', 'x~=1#y',
      'py-spark==1', 'my.zipper==1',
    ].join('\n'))).toEqual([
      'numpy==2.0.2', 'pandas[aws]>=2 ; python_version < "3.12"', 'pyspark-extension==2', 'a', 'a.b-c_d (>=1)', 'x~=1#y',
      'py-spark==1', 'my.zipper==1',
    ]);
  });

  test('is read as uv and Poetry export it, with hashes in continued lines', () => {
    expect(given('numpy==2.0.2 ; python_full_version < \'3.10\' \\\n    --hash=sha256:abc \\\n    --hash=sha256:def\n    # via pandas\n')).toEqual([
      'numpy==2.0.2 ; python_full_version < \'3.10\' --hash=sha256:abc --hash=sha256:def',
    ]);
    expect(given('numpy==2.0.2 \\\n    # via pandas\n')).toEqual(['numpy==2.0.2']);
  });

  test('includes other files, relative to itself, each once', () => {
    sandbox.file('more/base.txt', '-r ../requirements.txt\n-r deep/most.txt\n--requirement=deep/most.txt\nbase==1\n');
    sandbox.file('more/deep/most.txt', 'most==1\n');

    expect(given('-rmore/base.txt\nown==1\n')).toEqual(['most==1', 'base==1', 'own==1']);
  });

  test('includes constraints', () => {
    sandbox.file('limits.txt', 'numpy<2\n');
    sandbox.file('more limits.txt', 'pandas<3\n');

    expect(given('-c limits.txt\n--constraint "more limits.txt"\nnumpy\n', 'constraints.txt')).toEqual(['numpy<2', 'pandas<3']);
  });

  test('without constraints gives none to the installer', () => {
    given('numpy\n');

    expect(sandbox.calls('uv').pop()).not.toContain('--constraints');
  });

  test('names indexes', () => {
    const lines = ['--index-url https://a.example.com/simple', '--extra-index-url https://b.example.com', '--find-links https://c.example.com',
      '--trusted-host b.example.com', '--pre', '--require-hashes', '--no-index', '--prefer-binary'];

    expect(given([...lines, '-i https://d.example.com', '-f http://e.example.com', '--index-url = https://f.example.com',
      '--index-url  https://g.example.com', 'demo'].join('\n'))).toEqual([
      ...lines, '--index-url https://d.example.com', '--find-links http://e.example.com', '--index-url https://f.example.com',
      '--index-url https://g.example.com', 'demo',
    ]);
  });

  test('names wheels by their paths, which are in the hash by their content', () => {
    const wheel = sandbox.file('dist/my_lib-1.0-py3-none-any.whl', 'one');
    const before = hashOf(fromRequirements('./dist/my_lib-1.0-py3-none-any.whl\n'));

    expect(given(`./dist/my_lib-1.0-py3-none-any.whl\nother @ file://${encodeURI(wheel)} ; sys_platform == "linux"\n`)).toEqual([
      expect.stringMatching(/^my_lib @ file:\/\/\/\S+\/files\/0\/my_lib-1\.0-py3-none-any\.whl$/),
      expect.stringMatching(/^other @ file:\/\/\/\S+\/files\/1\/my_lib-1\.0-py3-none-any\.whl {2}; sys_platform == "linux"$/),
    ]);
    sandbox.file('dist/my_lib-1.0-py3-none-any.whl', 'two');
    expect(hashOf(fromRequirements('./dist/my_lib-1.0-py3-none-any.whl\n'))).not.toBe(before);
    sandbox.file('dist/other-1.0-py3-none-any.whl', 'one');
    expect(hashOf(fromRequirements('./dist/other-1.0-py3-none-any.whl\n'))).not.toBe(before);
  });

  test('finds wheels in a directory, which are in the hash by their content', () => {
    sandbox.file('wheels/demo-1-py3-none-any.whl', 'one');
    const before = hashOf(fromRequirements('--find-links ./wheels\ndemo\n'));

    for (const value of ['wheels', `file://${encodeURI(sandbox.directory)}/wheels`]) {
      expect(given(`-f ${value}\ndemo\n`)).toEqual([expect.stringMatching(/^--find-links file:\/\/\/\S+\/files\/0$/), 'demo']);
    }
    sandbox.file('wheels/demo-1-py3-none-any.whl', 'two');
    expect(hashOf(fromRequirements('--find-links ./wheels\ndemo\n'))).not.toBe(before);
    sandbox.file('renamed/demo-2-py3-none-any.whl', 'one');
    expect(hashOf(fromRequirements('--find-links ./renamed\ndemo\n'))).not.toBe(before);
  });

  test('has the same hash if it names files in another place', () => {
    const hashes = ['one', 'two'].map((checkout) => {
      sandbox.file(`${checkout}/demo-1-py3-none-any.whl`, 'content');
      return hashOf(PythonPackages.fromRequirements(sandbox.file(`${checkout}/requirements.txt`, './demo-1-py3-none-any.whl\n')));
    });

    expect(hashes[0]).toBe(hashes[1]);
  });

  test.each([
    ['', 'name a package (pyspark and py4j are left out, because Amazon EMR has them), got none'],
    ['# nothing\npyspark==3.5.0\n', 'name a package (pyspark and py4j are left out, because Amazon EMR has them), got none'],
    ['-r missing.txt', 'include files that exist, got line 1 of requirements.txt: "-r missing.txt"'],
    ['\n-c .', 'include files that exist, got line 2 of requirements.txt: "-c ."'],
    ['-r https://example.com/r.txt', 'include files that exist, got line 1 of requirements.txt: "-r https://example.com/…/r.txt"'],
    ['-r my-missing.txt', 'include files that exist, got line 1 of requirements.txt: "-r my-missing.txt"'],
    ['-r x"requirements.txt"', 'include files that exist, got line 1 of requirements.txt: "-r x\\"requirements.txt\\""'],
    ['-r "requirements.txt"x', 'include files that exist, got line 1 of requirements.txt: "-r \\"requirements.txt\\"x"'],
    ['-f missing', 'have only existing directories or URLs in --find-links, got line 1 of requirements.txt: "-f missing"'],
    ['-e .', 'name packages of an index, and no project by its path (leave it out with `uv export --no-emit-project`,'
      + ' or give its directory to `PythonPackages.fromProject()`), got line 1 of requirements.txt: "-e ."'],
    ['--editable .', 'name packages of an index, and no project by its path (leave it out with `uv export --no-emit-project`,'
      + ' or give its directory to `PythonPackages.fromProject()`), got line 1 of requirements.txt: "--editable ."'],
    ['--no-binary :all:', 'have no --no-binary and no --only-binary (name the packages to build from source in `sourceDistributions`),'
      + ' got line 1 of requirements.txt: "--no-binary"'],
    ['--only-binary=:none:', 'have no --no-binary and no --only-binary (name the packages to build from source in `sourceDistributions`),'
      + ' got line 1 of requirements.txt: "--only-binary"'],
    ['--target /', 'have only options that name files and indexes, got line 1 of requirements.txt: "--target"'],
    ['--pre --target x', 'have one option a line, got line 1 of requirements.txt: "--pre"'],
    ['-i https://a.example.com --target x', 'have one option a line, got line 1 of requirements.txt: "-i"'],
    ['-f https://a.example.com --target x', 'have one option a line, got line 1 of requirements.txt: "-f"'],
    ['--trusted-host a.example.com --pre', 'have one option a line, got line 1 of requirements.txt: "--trusted-host"'],
    ['--trusted-host user@a.example.com', 'name a trusted host without a user, got line 1 of requirements.txt: "--trusted-host"'],
    ['--target /\n--target /', 'have only options that name files and indexes, got line 1 of requirements.txt: "--target"'],
    ['--Target /', 'have one option a line, and only hashes after a package, got line 1 of requirements.txt: "--Target"'],
    ['six --proxy u:x@h', 'have one option a line, and only hashes after a package, got line 1 of requirements.txt: "six …"'],
    ['a-b &', 'name a package in each line, got line 1 of requirements.txt: "a-b &"'],
    ['de\ufeffmo', 'name a package in each line, got line 1 of requirements.txt: "de\\ufeffmo"'],
    ['; python_version', 'name a package in each line, got line 1 of requirements.txt: "; python_version"'],
    ['demo \\ # why\n six', 'have nothing after a backslash that continues a line, got line 1 of requirements.txt: "demo \\\\"'],
    ['demo \\ \nsix', 'have nothing after a backslash that continues a line, got line 1 of requirements.txt: "demo \\\\"'],
    ['demo \\ six', 'have nothing after a backslash that continues a line, got line 1 of requirements.txt: "demo \\\\ six"'],
    ['-r base.txt \\ #', 'have nothing after a backslash that continues a line, got line 1 of requirements.txt: "-r base.txt \\\\"'],
    ['$(touch x)', 'name a package in each line, got line 1 of requirements.txt: "$(touch x)"'],
    ['demo; `touch x`\n&& ls', 'name a package in each line, got line 2 of requirements.txt: "&& ls"'],
  ])('%j is refused', (content, problem) => {
    expect(refused(content)).toBe(`\`path\` must ${problem}`);
  });

  const DIRECT = /^`path` must name wheels \(\.whl\) by their URLs, and other URLs only as `name @ URL` of packages in `sourceDistributions`, because /;

  test.each([
    'demo @ http://example.com/demo-1.0.tar.gz', 'demo @ git+https://example.com/demo@v1', 'demo @ git+https://example.com/demo.whl',
    'https://example.com/demo.zip', 'demo @ https://example.com/demo.tar.gz#egg=x.whl', 'demo @ https://example.com/demo.tar.gz?x=.whl',
    'demo @ https://example.com/x.whl;/demo.tar.gz', 'demo @ https://example.com/demo.tar.gz ; x.whl', 'demo @ https://example.com/demo',
    'demo[extra]@https://example.com/demo-1.0.tar.gz', 'demo @ https://example.com/demo.whl.tar.gz', 'demo @ https://example.com/a;b/demo.whl', 'hg+https://example.com/demo',
  ])('refuses the URL of what is built from source: %s', (line) => {
    expect(refused(line)).toMatch(DIRECT);
    expect(message(() => fromRequirements(line, { sourceDistributions: ['other'] }))).toMatch(DIRECT);
  });

  test.each(['demo.x @ git+https://example.com/demo@v1', 'demo._x @ git+https://example.com/demo@v1', 'Demo-X[extra] @ https://example.com/demo-1.0.tar.gz'])(
    'takes the URL of a package that may be built from source: %s', (line) => {
      expect(() => fromRequirements(line, { sourceDistributions: ['demo_x'] })).not.toThrow();
    });

  test.each(['https://example.com/demo-1.0-py3-none-any.whl', 'demo @ https://example.com/demo.WHL?x=1#sha256=ab',
    'demo @ https://example.com/demo.whl; sys_platform == "linux"', 'demo @ https://example.com/demo.whl --hash=sha256:ab'])(
    'takes the URL of a wheel: %s', (line) => {
      expect(() => fromRequirements(line)).not.toThrow();
    });

  test.each(['\x00', '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\x1f', '\x7f', '\x85', '\u2028', '\u2029'])('refuses the control character %j', (character) => {
    expect(refused(`\ndocopt==0.6.2${character}--no-binary=docopt\n`)).toBe('`path` must have no control characters, got one in line 2 of requirements.txt');
    expect(refused(`demo # why${character}--no-binary=docopt\n`)).toContain('must have no control characters');
  });

  test('may have tabs, and line ends of any system', () => {
    expect(given('a\t==1\r\nb==1\rc==1\n')).toEqual(['a ==1', 'b==1', 'c==1']);
  });

  test('continues no line of another file', () => {
    sandbox.file('base.txt', 'base==1 \\');

    expect(given('-r base.txt\n--pre\n')).toEqual(['base==1', '--pre']);
    sandbox.file('base.txt', 'base==1 \\\\');
    expect(given('-r base.txt\n--pre\n')).toEqual(['base==1', '--pre']);
  });

  test.each(['six==1 --index-url https://u:s3cr3t@h/simple', 'six -i https://h', 'six==1 --hash=sha256:ab --pre', 'six==1 --no-binary=six',
    'six ; python_version > "3" --pre', 'six @ https://h/six.whl --global-option=x', './six-1-py3-none-any.whl --config-settings x',
    'six==1 \\\n --pre', 'six==1 --hash=sha256:ab ; python_version > "3"'])('refuses an option after a package: %s', (line) => {
    sandbox.file('six-1-py3-none-any.whl');

    expect(refused(line)).toMatch(/^`path` must have one option a line, and only hashes after a package, got line 1 of requirements\.txt: "[^"]*/);
    expect(refused(line)).not.toContain('s3cr3t');
  });

  test.each(['./lib', '../lib', '.', '/lib', 'lib/', 'C:\\lib', './lib[extra]', 'lib @ file:///lib', 'lib @ ./lib', './missing-1-py3-none-any.whl',
    'lib-1.0.tar.gz', './lib-1.0.zip', 'file:///lib', 'lib @ lib', 'lib @', './lib.whl.txt', 'lib @ file://host/lib-1-py3-none-any.whl'])('refuses the path %s', (line) => {
    sandbox.file('lib.whl.txt');

    expect(refused(`${line}\n`)).toMatch(/^`path` must name packages of an index, or wheels that exist, and no other files or directories, got line 1 /);
  });

  test('says which included file is wrong', () => {
    sandbox.file('base.txt', 'a\n\n-e .\n');

    expect(refused('-r base.txt\n')).toContain('got line 3 of base.txt: "-e ."');
  });

  test.each([
    ['one huge file', 'demo-package==1.0.0 --hash=sha256:0123456789abcdef\n'.repeat(200_000)],
    ['one huge line', `demo${' '.repeat(10_000_000)}==1`],
    ['one huge name', `${'a'.repeat(10_000_000)}!`],
    ['many continued lines', 'demo \\\n'.repeat(1_000_000)],
    ['one huge URL', `https://${'a@'.repeat(1_000_000)}`],
  ])('is read in a moment: %s', (_, content) => {
    const path = sandbox.file('requirements.txt', content);
    const before = process.cpuUsage();

    try {
      PythonPackages.fromRequirements(path);
    } catch {
      // it may be refused
    }

    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

describe('the hash of URLs', () => {
  const wheel = (rest: string) => `demo @ https://example.com/${rest}`;

  test.each([
    ['the paths of indexes', '-i https://example.com/one/simple\ndemo', '-i https://example.com/two/simple\ndemo'],
    ['the feeds of indexes', ...['1', '2'].map((n) => `-i https://example.com/me/_packaging/${n}b1f2e3d-0123-4567-89ab-0123456789ab/pypi/simple\ndemo`)],
    ['the ports of indexes', '-i https://example.com/simple\ndemo', '-i https://example.com:8443/simple\ndemo'],
    ['the schemes of indexes', '-i https://example.com/simple\ndemo', '-i http://example.com/simple\ndemo'],
    ['the variables of indexes', '-i https://${ONE}/simple\ndemo', '-i https://${TWO}/simple\ndemo'],
    ['the queries of packages', wheel('x.whl?file=one'), wheel('x.whl?file=two')],
    ['the versions of packages', wheel('x.whl?versionId=one&X-Amz-Signature=x'), wheel('x.whl?versionId=two&X-Amz-Signature=x')],
    ['the parameters of packages without a signature', wheel('x.whl?sv=1'), wheel('x.whl?sv=2')],
    ['the digests of packages', ...['1', '2'].map((n) => wheel(`${n}123456789abcdef0123456789abcdef/x.whl`))],
    ['the random names of packages', wheel('aB3dE5gH7jK9mN1pQ3/x.whl'), wheel('aB3dE5gH7jK9mN1pQ4/x.whl')],
    ['the fragments of packages', wheel('x.whl#sha256=aa'), wheel('x.whl#sha256=bb')],
    ['the conditions of packages', wheel('x.whl ; sys_platform == "linux"'), wheel('x.whl ; sys_platform == "win32"')],
    ['the parts of paths', wheel('ab/c/x.whl'), wheel('a/bc/x.whl')],
    ['the parts of queries', wheel('x.whl?a=1&b=2'), wheel('x.whl?a=1b=2')],
    ['what is before an @ in a path', wheel('one@1/x.whl'), wheel('two@1/x.whl')],
    ['what is before an @ after a port', '-i https://example.com:8443/one@1/simple\ndemo', '-i https://example.com:8443/two@1/simple\ndemo'],
    ['what is before an @ after an address', '-i https://[::1]:8443/one@1/simple\ndemo', '-i https://[::1]:8443/two@1/simple\ndemo'],
    ['indexes that only a variable names', '-i ${ONE}\ndemo', '-i ${TWO}\ndemo'],
    ['links', '-f https://example.com/one\ndemo', '-f https://example.com/two\ndemo'],
    ['trusted hosts', '--trusted-host one\ndemo', '--trusted-host two\ndemo'],
    ['options', '--pre\ndemo', '--no-index\ndemo'],
    ['the names of packages', 'one @ https://example.com/x.whl', 'two @ https://example.com/x.whl'],
    ['the public owners of Cloudsmith', '-i https://dl.cloudsmith.io/public/one/repo/simple\ndemo', '-i https://dl.cloudsmith.io/public/two/repo/simple\ndemo'],
  ])('tells %s apart', (_, one, two) => {
    expect(hashOf(fromRequirements(one))).not.toBe(hashOf(fromRequirements(two)));
  });
});

describe('credentials in a requirements file', () => {
  const LINES: [string, (secret: string) => string][] = [
    ['the URL of an index', (secret) => `--index-url https://user:${secret}@pypi.example.com/simple\ndemo`],
    ['another index', (secret) => `--extra-index-url=https://${secret}@pypi.example.com/simple\ndemo`],
    // the shortest that is a token: `first` makes it 16 characters
    ['a token in the path of an index', (secret) => `-i https://pypi.example.com/${secret}0123456789A/simple\ndemo`],
    ['a token of Gemfury', (secret) => `demo @ https://pypi.fury.io/${secret}0123456789ABCDEFGHIJ/me/demo-1.0-py3-none-any.whl`],
    ['a token of packagecloud', (secret) => `demo @ https://packagecloud.io/${secret}0123456789ABCDEFGHIJ/me/demo-1.0-py3-none-any.whl`],
    ['a token of Cloudsmith', (secret) => `demo @ https://dl.cloudsmith.io/${secret}/me/repo/python/demo-1.0-py3-none-any.whl`],
    ['a token of GitLab in a path', (secret) => `demo @ https://example.com/glpat-${secret}0123456789abcdef/demo-1.0-py3-none-any.whl`],
    ['the query of an index', (secret) => `-f https://pypi.example.com/?token=${secret}\ndemo`],
    ['the URL of a wheel', (secret) => `demo @ https://user:${secret}@example.com/demo-1.0-py3-none-any.whl`],
    ['the signature of a wheel', (secret) => `https://example.com/demo-1.0-py3-none-any.whl?X-Amz-Signature=${secret}`],
    ['another wheel', (secret) => `demo @ https://${secret}@example.com/demo-2.0-py3-none-any.whl`],
    ['a password with a slash', (secret) => `-i https://user:a/${secret}@pypi.example.com/simple\ndemo`],
    ['a signature of Azure', (secret) => `https://example.com/demo-1.0-py3-none-any.whl?sv=${secret}&se=${secret}&sig=${secret}`],
    ['a signature of Google', (secret) => `https://example.com/demo-1.0-py3-none-any.whl?GoogleAccessId=${secret}&Expires=${secret}&Signature=${secret}`],
    ['a job token', (secret) => `demo @ https://example.com/demo-1.0-py3-none-any.whl?job_token=${secret}`],
    ['the credentials of a constraint', (secret) => `-c limits.txt\n-i https://${secret}@pypi.example.com/simple\ndemo`],
    ['a URL with a variable in it', (secret) => `demo @ https://user:${secret}@\${HOST}/demo-1.0-py3-none-any.whl`],
  ];

  beforeEach(() => sandbox.file('limits.txt'));

  test.each(LINES)('do not change the hash: %s', (_, line) => {
    expect(hashOf(fromRequirements(line('first')))).toBe(hashOf(fromRequirements(line('second'))));
  });

  test.each(LINES)('reach the installer: %s', (_, line) => {
    expect(understood(line('s3cr3t')).join('\n')).toBe(line('s3cr3t').replace('-c limits.txt\n', '').replace('extra-index-url=', 'extra-index-url ')
      .replace(/^-([if])/gm, (option) => ({ '-i': '--index-url', '-f': '--find-links' })[option]!));
  });

  test.each(LINES)('are in no file that a killed build leaves behind: %s', (_, line) => {
    expect(given(line('s3cr3t')).join('\n')).not.toContain('s3cr3t');
  });

  const A_TOKEN = 'aB3dE5gH7jK9mN1pQ3';
  const A_DIGEST = '0123456789abcdef0123456789abcdef';
  const variable = (number: number) => `\${CDK_SPARK_EMR_SERVERLESS_CREDENTIAL_${number}}`;

  test.each([
    ['--find-links https://example.com/?token=s3cr3t&x=1', `--find-links https://example.com/?token=${variable(1)}&x=1`],
    ['--find-links https://me:s3cr3t@example.com/?s3cr3t_token', `--find-links https://${variable(2)}@example.com/?${variable(1)}`],
    [`--index-url https://example.com/${A_TOKEN}/simple`, `--index-url https://example.com/${variable(1)}/simple`],
    [`--index-url https://example.com/${A_DIGEST}/simple`, `--index-url https://example.com/${variable(1)}/simple`],
    ['demo @ https://example.com/x.whl?csv=1&service=2&sig=s3cr3t&se=3', `demo @ https://example.com/x.whl?csv=1&service=2&sig=${variable(1)}&se=${variable(2)}`],
  ])('become variables in the file: %s', (line, written) => {
    expect(given(`${line}\ndemo`)[0]).toBe(written);
  });

  test.each([
    '--find-links https://example.com/?token=', '--index-url https://dl.cloudsmith.io/public/me/simple', '--index-url https://dl.cloudsmith.io/basic/me/simple',
    '--index-url https://example.com/aB3dE5gH7jK9mN1/simple', `--index-url https://example.com/${A_TOKEN}.${A_TOKEN}/simple`,
    '--index-url https://example.com/MyCompanyPythonPackages/simple', '--index-url https://example.com/MY-COMPANY-FEED-2024/simple',
    '--index-url https://example.com/my-company-feed-2024/simple', `--index-url https://example.com/feed-${A_DIGEST}/simple`,
    `--index-url https://example.com/${A_DIGEST}-feed/simple`, `demo @ https://example.com/${A_DIGEST}/x.whl`, `demo @ https://example.com/${A_TOKEN}/x.whl`,
    `demo @ https://pypi.fury.io/me/${A_TOKEN}/x.whl`, 'demo @ https://example.com/x.whl?path=1&compat=2&mysig=3&signed=4&sv=5',
  ])('are not what stays as it is: %s', (line) => {
    expect(given(`${line}\ndemo`)[0]).toBe(line);
  });

  test('are in no file of constraints either', () => {
    sandbox.file('limits.txt', 'demo @ https://u:s3cr3t@example.com/demo-1.0-py3-none-any.whl\n');

    expect(given('-c limits.txt\ndemo', 'constraints.txt').join()).not.toContain('s3cr3t');
  });

  test.each([
    ['https://me@example.com/simple', 'https://example.com/simple'],
    ['https://me:s3cr3t@example.com/simple', 'https://example.com/simple'],
    ['https://example.com/simple?token=s3cr3t', 'https://example.com/simple'],
    [`https://example.com/${A_TOKEN}/simple`, 'https://example.com//simple'],
    [`https://example.com/${A_DIGEST}/simple`, 'https://example.com//simple'],
  ])('are missing in the hash of the same URL without them: %s', (url, without) => {
    expect(hashOf(fromRequirements(`-i ${url}\ndemo`))).toBe(hashOf(fromRequirements(`-i ${without}\ndemo`)));
  });

  test('stay out of the template and the assembly', () => {
    sandbox.uv();

    const { stack, outdir } = bind(fromRequirements('--index-url https://user:s3cr3t@pypi.example.com/simple\ndemo\n'));
    const { manifest } = (stack.node.root as any).synth();

    expect(JSON.stringify(manifest)).not.toContain('s3cr3t');
    expect(['Stack.template.json', 'Stack.assets.json', 'tree.json'].map((name) => readFileSync(join(outdir, name), 'utf8')).join())
      .not.toContain('s3cr3t');
    expect(sandbox.progress().join()).not.toContain('s3cr3t');
  });

  test.each([
    '--index-url https://user:s3cr3t@example.com/simple --pre', '-r https://s3cr3t@example.com/r.txt', '-e git+https://s3cr3t@example.com/x',
    '-e git+https://user:pass/s3cr3t@example.com/x', '--proxy https://s3cr3t@example.com',
    '-r https://example.com/r.txt?token=s3cr3t', '--proxy myuser:s3cr3t@proxy.corp:3128', '--foo https://gl(sec)s3cr3t@host/simple',
    '--Proxy s3cr3t', '-ps3cr3t', '-r https://gl(sec)s3cr3t@host/r.txt', '-r x --proxy u:s3cr3t@h', '-f "x y" --proxy s3cr3t', '-e u:s3cr3t@h',
    'demo @ git+https://gl(sec)"s3cr3t@example.com/x', '--no-index s3cr3t',
  ])('are not shown by a refusal: %s', (line) => {
    expect(refused(line)).not.toContain('s3cr3t');
  });

  test('may be environment variables, whose values are not in the hash', () => {
    const content = '--index-url https://${USER_NAME}:${TOKEN}@pypi.example.com/simple\ndemo\n';
    process.env.TOKEN = 'one';
    const one = hashOf(fromRequirements(content));
    process.env.TOKEN = 'two';

    expect(hashOf(fromRequirements(content))).toBe(one);
  });
});
