'use strict';

const { jest } = require('../package.json');

// the first of the projects, which is the one at the lowest aws-cdk-lib; all its tests in one file, so that a mutant loads aws-cdk-lib once
module.exports = {
  ...jest.projects[0],
  rootDir: `${__dirname}/..`,
  roots: ['<rootDir>/mutation', '<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/mutation/all.test.ts'],
  testEnvironment: `${__dirname}/environment.js`,
};
