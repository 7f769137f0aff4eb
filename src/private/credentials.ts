// Names and values that look like credentials. Messages never show such a value.

/** No more of a text is judged. Longer values are refused anyway. */
const MAX_JUDGED = 2000;

const NAME = /(password|passwd|pwd|passphrase|jaasconfig|secret|token|credential|credentials|(access|private|secret|account|api|encryption|signing|master|license)key)$/;

/** `DB_PASS` and `pgpass` name one, `bypass` does not. */
const PASS = /(?<!by|com|sur|tres|over|under)pass$|^pw$/;

/** In these keys of Azure, the names of the storage account or of the container follow. */
const NAME_WITHIN = /account\.key\.|client\.secret\.|\.sas\./;

/** `spark.hadoop.fs.s3a.secret.key` and `DB_PASS` name a credential, `…aws.credentials.provider` does not. The last words tell. */
export function namesCredential(name: string): boolean {
  const judged = name.slice(0, MAX_JUDGED);
  // the settings of a program may count its passwords: `password1`, `PASSWORD_2`
  const words = judged.replace(/[_.-]?\d+$/, '').replace(/([a-z0-9])([A-Z])/g, '$1.$2').toLowerCase().split(/[^a-z0-9]+/);
  return NAME.test(words.slice(-2).join('')) || PASS.test(words[words.length - 1]) || NAME_WITHIN.test(judged.toLowerCase());
}

/** Whether a property holds a credential, as far as its name and its value tell. */
export function isCredential(name: string, value: string): boolean {
  // a pattern of what to hide is no credential
  return !/regex$/i.test(name) && (holdsCredential(value) || (namesCredential(name) && !isHarmless(name, value)));
}

/** A value that refers to a credential, or that no credential looks like. */
function isHarmless(name: string, value: string): boolean {
  return /^(true|false|EMR\.secret@.*|arn:aws[a-z-]*:.*|alias\/.*|\$\w+|\$\{[^}]*\})$/s.test(value.trim())
    // the id of a KMS key
    || (/encryption/i.test(name) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value.trim()))
    // a password may be a number, but a number of tokens is no token
    || (/^\s*\d+(\.\d+)?\s*$/.test(value) && !/pass|pwd?$/i.test(name));
}

const SHAPES: RegExp[] = [
  // a URL with a password. A port is no password, and neither is a variable or a token
  /:\/\/[^\s/?#:@]{0,200}:(?!\d{1,5}(?:[/?#,;\s]|$)|\$\{)[^\s@]{1,500}@/,
  // user and password as Oracle writes them
  /\bjdbc:oracle:\w{1,20}:[^\s/@]{1,200}\/(?!\/|\$\{)[^\s@]{1,500}@/i,
  // the signature of a URL of Azure
  /[?&]sig=[^\s&$]/i,
  /\bhooks\.slack\.com\/services\/\w/,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/,
  // a JSON Web Token
  /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\./,
  /\bauthorization["']?\s{0,5}[:=]\s{0,5}["']?\w{1,30}\s+[^\s$]/i,
  // tokens that start with the name of their issuer: AWS, GitHub, GitLab, Slack, Stripe, Google, npm, PyPI, Hugging Face, Vault, Databricks
  /\b(AKIA|ASIA)[A-Z0-9]{16}/,
  /\b(gh[pousr]_\w{30,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|[rs]k_live_\w{16,}|AIza[\w-]{35})/,
  /\b(npm_\w{36}|pypi-[\w-]{32,}|hf_[A-Za-z]{30,}|hv[sb]\.[\w-]{20,}|dapi[0-9a-f]{32})/,
  /\b(sk-(ant|proj|svcacct)-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/,
];

/** A setting within a text: `password=…` of a JDBC URL, `"token": "…"` of JSON, `password: …` of YAML, `--password …` of a command. */
const SETTING = new RegExp(/([A-Za-z_][\w.-]{0,100})/.source
  // between the name and its value
  + /(?:\s{0,5}=\s{0,5}|\\?["']\s{0,5}:\s{0,5}|:\s{1,5}|(?<=--[\w-]{1,100})\s{1,5})/.source
  // a name may follow in place of the value: `--conf password=…`
  + /(?=\\?(?:"([^"\\]*)|'([^']*)|([^\s;&,"'=]+)))/.source, 'g');

/** Whether a text is a credential, or has one in it, as far as its shape tells. */
export function holdsCredential(text: string): boolean {
  const judged = text.slice(0, MAX_JUDGED);
  return SHAPES.some((shape) => shape.test(judged))
    || [...judged.matchAll(SETTING)].some(([, name, ...values]) =>
      namesCredential(name) && !isHarmless(name, values.find((value) => value !== undefined)!));
}
