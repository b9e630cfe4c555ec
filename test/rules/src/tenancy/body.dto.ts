export class Body {}
