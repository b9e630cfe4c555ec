export { DirectoryModule } from './directory.module.js';
export { UsersService } from './users.service.js';
