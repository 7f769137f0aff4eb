/** Variables of this machine that a job gets. The others may be of the user's own AWS account, or change what Python and Spark do. */
const INHERITED = /^(PATH|LANG|LC_\w+|OMP_NUM_THREADS|OPENBLAS_\w+)$/;

/** By which an installer finds the index of the user. */
const OF_INSTALLERS = /^(HOME|(UV|PIP)_\w+|\w+_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE)$/i;

export type Environment = Record<string, string>;

/** What programs get that run code of a job. */
export function forJobs(): Environment {
  return { LANG: 'C.UTF-8', ...matching((name) => INHERITED.test(name)) };
}

/** What uv and pip get, which only copy files. */
export function forInstallers(): Environment {
  return { ...forJobs(), ...matching((name) => OF_INSTALLERS.test(name)) };
}

/** All but what is of the user's own AWS account. */
export function withoutAws(): Environment {
  return matching((name) => !/^AWS_/i.test(name));
}

function matching(isTaken: (name: string) => boolean): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([name, value]) => value !== undefined && isTaken(name))) as Environment;
}
