import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionsDoc } from './lib/permissions-doc';

writeFileSync(join(__dirname, '../docs/permissions.md'), permissionsDoc());
